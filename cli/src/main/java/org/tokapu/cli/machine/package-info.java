/// What the commands know about the computer: processor, memory, disk.
package org.tokapu.cli.machine;
