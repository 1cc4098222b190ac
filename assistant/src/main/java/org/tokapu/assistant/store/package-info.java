/// What is kept in a database: sessions, keys, quotas and the ledger. The only package that speaks
/// SQL. Every method that takes an [org.tokapu.assistant.Owner] sees nothing of any other.
package org.tokapu.assistant.store;
