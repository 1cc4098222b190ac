package org.tokapu.model;

interface KvPlaceholder {}
