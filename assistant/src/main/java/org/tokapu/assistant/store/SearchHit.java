package org.tokapu.assistant.store;

/// A place where a search found something.
///
/// @param session the id of the session
/// @param title its title
/// @param message the number of the message; 0: it was found in the title
/// @param snippet the text around it
public record SearchHit(String session, String title, long message, String snippet) {}
