/// The commands of `tokapu`, one file each. They parse, call the layers below and print; nothing is
/// computed here.
package org.tokapu.cli.command;
