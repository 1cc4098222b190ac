/// A few numbers that grow or change, written as Prometheus reads them.
package org.tokapu.server.metrics;
