/// The families, one file each; [Architectures] lists them.
package org.tokapu.model.arch;
