/// Which kernels run on this machine, and what the machine could do at best.
package org.tokapu.tensor.kernels;
