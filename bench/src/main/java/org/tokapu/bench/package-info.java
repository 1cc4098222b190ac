/// Speed, measured: JMH benchmarks of single parts, and whole runs beside other programs.
package org.tokapu.bench;
