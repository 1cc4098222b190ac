/// Chat templates: a Jinja engine of our own, and the templates of the field.
package org.tokapu.text.chat;
