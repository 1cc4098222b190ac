/// Generation as Java developers use it.
package org.tokapu.engine;
