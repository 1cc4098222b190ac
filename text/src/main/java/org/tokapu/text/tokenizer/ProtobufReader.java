package org.tokapu.text.tokenizer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.tokapu.base.ModelFormatException;

/// Walks over the fields of one protocol-buffer message.
///
/// The wire format (<https://protobuf.dev/programming-guides/encoding/>): each field is a varint
/// `number << 3 | type` and a value: type 0 a varint, 1 eight bytes, 2 a length and that many
/// bytes, 5 four bytes. Call [#next], then exactly one reader of the value, or [#skip].
final class ProtobufReader {
  private final byte[] bytes;
  private final int end;
  private final String source;
  private final String message;
  private int at;
  private int number;
  private int wire;

  ProtobufReader(byte[] bytes, String source) {
    this(bytes, 0, bytes.length, source, "protocol buffer");
  }

  private ProtobufReader(byte[] bytes, int start, int end, String source, String message) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
    this.source = source;
    this.message = message;
  }

  /// Steps to the next field and returns its number; 0 at the end of the message.
  int next() {
    if (at == end) {
      return 0;
    }
    long tag = varint();
    number = (int) (tag >>> 3);
    wire = (int) (tag & 7);
    if (tag >>> 32 != 0 || number <= 0) {
      throw wrong("has an impossible field number");
    }
    return number;
  }

  long integer() {
    expect(0);
    return varint();
  }

  boolean flag() {
    return integer() != 0;
  }

  float real() {
    expect(5);
    need(4);
    float value = ByteBuffer.wrap(bytes, at, 4).order(ByteOrder.LITTLE_ENDIAN).getFloat();
    at += 4;
    return value;
  }

  byte[] blob() {
    expect(2);
    int length = length();
    byte[] value = Arrays.copyOfRange(bytes, at, at + length);
    at += length;
    return value;
  }

  String text() {
    expect(2);
    int length = length();
    try {
      String value =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, at, length)).toString();
      at += length;
      return value;
    } catch (CharacterCodingException e) {
      throw new ModelFormatException(source, field(), "is not valid UTF-8", e);
    }
  }

  /// Enters the nested message that the field holds, and steps over it here.
  ProtobufReader nested(String name) {
    expect(2);
    int length = length();
    at += length;
    return new ProtobufReader(bytes, at - length, at, source, name);
  }

  void skip() {
    switch (wire) {
      case 0 -> varint();
      case 1 -> at += need(8);
      case 2 -> {
        int length = length();
        at += length;
      }
      case 5 -> at += need(4);
      default -> throw wrong("has the unknown wire type " + wire);
    }
  }

  private int length() {
    long length = varint();
    if (length < 0 || length > end - at) {
      throw wrong("claims " + Long.toUnsignedString(length) + " bytes, " + (end - at) + " remain");
    }
    return (int) length;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      need(1);
      byte b = bytes[at++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw wrong("has a number of more than ten bytes");
  }

  private int need(int count) {
    if (count > end - at) {
      throw wrong("ends early: the file is truncated; fetch it again");
    }
    return count;
  }

  private void expect(int type) {
    if (wire != type) {
      throw wrong("should have wire type " + type + ", has " + wire);
    }
  }

  private ModelFormatException wrong(String problem) {
    return new ModelFormatException(source, field(), problem);
  }

  private String field() {
    return message + ", field " + number + " before byte " + at;
  }
}
