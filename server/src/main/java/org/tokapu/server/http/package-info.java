/// HTTP as the endpoints see it, and the only place that knows the web framework.
///
/// An [Endpoint] answers an [Exchange]; [HttpServer] finds it by method and path, checks who calls
/// ([Authenticator]) and from which page ([OriginCheck]), and turns every failure into OpenAI's
/// error object ([ApiError]).
///
/// A request runs on a virtual thread of its own. What the framework lacks is added here: a client
/// that goes away while the model works is noticed ([Exchange#clientGone]), one that reads or
/// writes too slowly is cut off ([Connections]), and `Connection: close` closes.
package org.tokapu.server.http;
