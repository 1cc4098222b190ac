/// The REST API and the page.
package org.tokapu.server;
