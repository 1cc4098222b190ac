/// What commands read from and print to: streams, messages in the user's language, tables,
/// progress.
///
/// Every text that a user reads is in `messages.properties` and `messages_ko.properties`, the help
/// of commands and options included.
package org.tokapu.cli.console;
