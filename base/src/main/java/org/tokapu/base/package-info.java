/// Errors and files: the vocabulary in which every layer reports what went wrong and what to do
/// about it.
package org.tokapu.base;
