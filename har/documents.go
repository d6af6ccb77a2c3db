package har

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// documents calls emit for the messages that a decoder would have made of the
// kept content of b: its JSON documents, or its text.
func documents(b *wire.Body, emit func(*wire.Message)) {
	switch b.Content {
	case wire.KindText:
		if len(b.Data) > 0 {
			m := part(b, 0, b.Data, wire.KindText)
			m.Truncated = b.Truncated
			if b.Truncated {
				m.Size = max(m.Size, b.Bytes)
			}
			emit(m)
		}
	case wire.KindJSON:
		jsonDocuments(b, emit)
	}
}

// part returns a message with data, which is at offset at of the content. On
// the wire that is the same place only in a body without framing and coding.
func part(b *wire.Body, at int, data []byte, kind wire.Kind) *wire.Message {
	m := &wire.Message{Meta: b.Meta, Kind: kind, Data: data, Size: int64(len(data)), Masked: b.Masked}
	if b.WireBytes == b.Bytes {
		m.Off += int64(at)
	}
	return m
}

func jsonDocuments(b *wire.Body, emit func(*wire.Message)) {
	data := b.Data
	for i, n := 0, 0; ; n++ {
		rest := bytes.TrimLeft(data[i:], jsontext.Separators)
		i = len(data) - len(rest)
		if len(rest) == 0 {
			return
		}
		if end := documentSize(rest); end > 0 {
			m := part(b, i, rest[:end], wire.KindJSON)
			m.Index = n
			emit(m)
			i += end
			continue
		}
		if kind := brokenKind(rest, n, b.Truncated); kind == wire.KindJSON {
			rest = bytes.TrimRight(rest, jsontext.Separators)
			m := part(b, i, rest, kind)
			m.Index = n
			m.Truncated = b.Truncated || !b.Complete
			if b.Truncated {
				m.Size = max(m.Size, b.Bytes-int64(i))
			}
			emit(m)
		} else {
			m := part(b, i, rest, kind)
			m.Index = n
			m.Truncated = b.Truncated
			emit(m)
		}
		return
	}
}

// documentSize returns the size of the JSON value that b begins with; 0 if there
// is none, or no end of it.
func documentSize(b []byte) int {
	var s jsontext.Scanner
	n, ended := s.Skip(b)
	if !ended && !s.InScalar() || !json.Valid(b[:n]) {
		return 0
	}
	return n
}

// brokenKind says what a decoder shows of what is not valid JSON behind n
// documents: a document as long as it begins like one and is cut, or is the
// only one; else text.
func brokenKind(rest []byte, n int, cut bool) wire.Kind {
	if jsontext.StartsValue(rest[0]) && (n == 0 || cut) {
		return wire.KindJSON
	}
	return wire.KindText
}

// contentOf says how a decoder would have understood a body of unknown origin.
func contentOf(mime string, data []byte) wire.Kind {
	typ := wire.MediaType(mime)
	switch {
	case !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0:
		return wire.KindBinary
	case strings.HasSuffix(typ, "json") || strings.HasSuffix(typ, "jsonl") || strings.HasSuffix(typ, "json-seq") || strings.HasSuffix(typ, "json-stream"):
		return wire.KindJSON
	}
	return wire.KindText
}
