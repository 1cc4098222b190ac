/// The terminal chat: reading lines, the few commands that begin with a slash, the conversation.
///
/// [ChatShell] is the loop; where lines come from ([TerminalLines], [PlainLines]) and who answers
/// ([Answerer]) are given to it.
package org.tokapu.cli.chat;
