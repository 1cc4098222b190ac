package org.tokapu.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.tokapu.base.TokapuException;

/// A certificate and its key in files: two in PEM, or one in PKCS #12.
///
/// @param certificate a chain in PEM, the server's own first; or a `.p12`/`.pfx` file with key
/// @param key the private key in PEM (PKCS #8, without password); nothing for PKCS #12
/// @param password of the PKCS #12 file
public record TlsFiles(Path certificate, Optional<Path> key, String password) {
  private static final Pattern PEM_KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

  /// Reads the files.
  ///
  /// @throws TokapuException if they are not what they should be
  SSLContext context() {
    char[] secret = password.toCharArray();
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      if (key.isPresent()) {
        store.load(null, secret);
        store.setKeyEntry("server", privateKey(key.get()), secret, chain());
      } else {
        try (InputStream in = Files.newInputStream(certificate)) {
          store.load(in, secret);
        }
      }
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, secret);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, new SecureRandom());
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new TokapuException(
          "cannot use the certificate %s: %s; give a chain and a PKCS #8 key in PEM, or a PKCS #12 file with its password"
              .formatted(certificate, e.getMessage()),
          e);
    }
  }

  private Certificate[] chain() throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(certificate)) {
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(in)
          .toArray(Certificate[]::new);
    }
  }

  private static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
    Matcher pem = PEM_KEY.matcher(Files.readString(file, StandardCharsets.US_ASCII));
    if (!pem.find()) {
      throw new InvalidKeySpecException(file + " has no PRIVATE KEY (PKCS #8)");
    }
    PKCS8EncodedKeySpec spec =
        new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException e) {
        // another algorithm's
      }
    }
    throw new InvalidKeySpecException(file + " is no key of " + ALGORITHMS);
  }
}
