/// JSON as plain Java values; the only package below the server that sees the JSON library.
package org.tokapu.base.json;
