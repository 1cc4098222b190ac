/// A server under a mixed load for minutes: `./dev soak`.
package org.tokapu.bench.soak;
