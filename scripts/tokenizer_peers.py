"""The other side of `./dev bench tokenizers --python PATH`: native tokenizers, one thread.

Reads a request a line, as JSON: {"kind": ..., "file": ..., "texts": FILE, "seconds": ...}, and
answers each with a line {"passes": ..., "seconds": ..., "crc": ...}: how often the texts were
encoded in which time, and the CRC-32 of all ids as 32-bit little-endian integers. A request that
names a kind whose package is missing is answered with {"missing": NAME}.
"""

import array
import json
import os
import sys
import time
import zlib

os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["RAYON_NUM_THREADS"] = "1"


def sentencepiece_encoder(file):
    import sentencepiece

    processor = sentencepiece.SentencePieceProcessor(model_file=file)
    return lambda text: processor.encode(text, out_type=int)


def tokenizers_encoder(file):
    import tokenizers

    tokenizer = tokenizers.Tokenizer.from_file(file)
    tokenizer.no_truncation()
    # The variant that leaves offsets out.
    return lambda text: tokenizer.encode_batch_fast([text], add_special_tokens=False)[0].ids


def tiktoken_encoder(file):
    import tiktoken
    from tiktoken.load import load_tiktoken_bpe

    pattern = (
        r"""'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++"""
        r"""[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"""
    )
    encoding = tiktoken.Encoding(
        "cl100k_base", pat_str=pattern, mergeable_ranks=load_tiktoken_bpe(file), special_tokens={}
    )
    return encoding.encode_ordinary


MAKERS = {
    "sentencepiece": sentencepiece_encoder,
    "tokenizers": tokenizers_encoder,
    "tiktoken": tiktoken_encoder,
}


def measure(encode, texts, seconds):
    crc = 0
    for text in texts:
        crc = zlib.crc32(array.array("i", encode(text)).tobytes(), crc)
    passes = 0
    begun = time.perf_counter()
    while True:
        for text in texts:
            encode(text)
        passes += 1
        took = time.perf_counter() - begun
        if took >= seconds:
            return {"passes": passes, "seconds": took, "crc": crc}


def main():
    encoders = {}
    for line in sys.stdin:
        request = json.loads(line)
        key = request["kind"], request["file"]
        try:
            if key not in encoders:
                encoders = {key: MAKERS[key[0]](key[1])}
            with open(request["texts"], encoding="utf-8") as file:
                texts = json.load(file)
            answer = measure(encoders[key], texts, request["seconds"])
        except ImportError as e:
            answer = {"missing": e.name}
        print(json.dumps(answer), flush=True)


main()
