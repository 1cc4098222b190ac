/// Models: one description each, run by any Ops.
package org.tokapu.model;
