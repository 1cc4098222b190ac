/// What tests of several modules share: golden weights, reference data, measures of distance.
package org.tokapu.testkit;
