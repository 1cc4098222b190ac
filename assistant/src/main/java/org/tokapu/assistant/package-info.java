/// Conversations that remember, and who may have them at what price.
package org.tokapu.assistant;
