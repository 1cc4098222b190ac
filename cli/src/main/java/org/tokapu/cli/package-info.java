/// The command `tokapu`.
package org.tokapu.cli;
