/// Chat that remembers, as a library: a model and a database together.
package org.tokapu.assistant.chat;
