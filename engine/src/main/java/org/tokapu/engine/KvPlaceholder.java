package org.tokapu.engine;

interface KvPlaceholder {}
