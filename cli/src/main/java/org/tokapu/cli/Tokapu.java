package org.tokapu.cli;

/// The command `tokapu`.
public final class Tokapu {
  private Tokapu() {}

  /// Runs it.
  public static void main(String[] args) {
    System.exit(0);
  }
}
