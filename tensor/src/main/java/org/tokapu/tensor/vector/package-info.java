/// Kernels by the Vector API, on every CPU that has one; the only package that imports it.
package org.tokapu.tensor.vector;
