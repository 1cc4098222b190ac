/// What of a conversation fits into the context of a model: pure functions of messages and figures.
package org.tokapu.assistant.window;
