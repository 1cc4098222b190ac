/// A Jinja engine for chat templates.
///
/// A source is cut into tokens ([org.tokapu.text.chat.jinja.Lexer]), parsed into immutable nodes
/// ([org.tokapu.text.chat.jinja.Parser]), and a rendering walks over them with its own variables
/// ([org.tokapu.text.chat.jinja.Scope]) and its own [org.tokapu.text.chat.jinja.Budget] of steps
/// and memory. Values behave as Python's do, and strings remember which of their chars came from
/// outside ([org.tokapu.text.chat.jinja.Str]): what a filter or method makes of a foreign char is
/// foreign. Language: [Jinja](https://jinja.palletsprojects.com/en/stable/templates/).
package org.tokapu.text.chat.jinja;
