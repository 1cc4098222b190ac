/// Models of real shapes with random weights: for measuring speed and memory, not for reading.
package org.tokapu.model.synth;
