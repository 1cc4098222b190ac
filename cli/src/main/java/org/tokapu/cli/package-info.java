/// The process `tokapu`: starts the tree of commands and ends with its exit code.
///
/// `command` holds one file per command and the list of them, `console` what they print with,
/// `machine` what they know about the computer.
package org.tokapu.cli;
