package media

import (
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
	"golang.org/x/text/transform"
)

// Charset is how characters are written, if not in UTF-8. The zero value is UTF-8.
type Charset struct {
	Name string
	enc  encoding.Encoding
	wide bool // two or four bytes a character, or more
}

// wide are the charsets whose characters have more than one byte, all of them.
// Without a byte order mark, what is called just UTF-16 is big-endian (RFC 2781,
// section 4.3), and in practice whatever it looks like.
var wide = map[string]encoding.Encoding{
	"utf-16le": unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM),
	"utf-16be": unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
	"utf-32le": utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM),
	"utf-32be": utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM),
}

// CharsetNamed returns the charset of a name, as the WHATWG encoding standard
// knows them; false if there is none. The order of the bytes of what is called
// just UTF-16 or UTF-32 is not known: it is for Marked to say.
func CharsetNamed(name string) (Charset, bool) {
	switch name {
	case "", "utf-8", "utf8", "unicode-1-1-utf-8", "us-ascii", "ascii", "binary":
		return Charset{}, true
	case "utf-16", "utf16", "ucs-2", "unicode":
		name = "utf-16be"
	case "utf-32", "utf32", "ucs-4":
		name = "utf-32be"
	case "utf-16-le", "utf16le":
		name = "utf-16le"
	case "utf-16-be", "utf16be":
		name = "utf-16be"
	}
	if enc := wide[name]; enc != nil {
		return Charset{name, enc, true}, true
	}
	enc, err := htmlindex.Get(name)
	if err != nil {
		return Charset{}, false
	}
	return Charset{Name: name, enc: enc}, true
}

// IsUTF8 says whether text in c is UTF-8.
func (c Charset) IsUTF8() bool { return c.enc == nil }

// Wide says whether all characters have several bytes, so that ASCII has NULs.
func (c Charset) Wide() bool { return c.wide }

// Single says whether every byte is a character.
func (c Charset) Single() bool { _, is := c.enc.(*charmap.Charmap); return is }

// Family returns the name without the order of bytes.
func (c Charset) Family() string {
	if !c.wide {
		return c.Name
	}
	return strings.TrimSuffix(strings.TrimSuffix(c.Name, "be"), "le")
}

// Decoder returns what makes UTF-8 of text in c, which is not UTF-8.
func (c Charset) Decoder() transform.Transformer { return c.enc.NewDecoder() }

// Decode returns text in c as UTF-8.
func (c Charset) Decode(b []byte) []byte {
	if c.enc == nil {
		return b
	}
	s, _ := c.enc.NewDecoder().Bytes(b) // what is no character becomes U+FFFD
	return s
}

// Encode returns UTF-8 in c; false if c has not all of its characters.
func (c Charset) Encode(s []byte) ([]byte, bool) {
	if c.enc == nil {
		return s, true
	}
	b, err := c.enc.NewEncoder().Bytes(s)
	return b, err == nil
}

// Marks says what the first bytes of a text say of its charset.
type Marks struct {
	Known   bool   // more bytes would not change it
	Charset string // empty: nothing but UTF-8 is known of it
	Size    int    // of the byte order mark
}

// marks are the byte order marks, the longer ones first.
var marks = []struct{ mark, charset string }{
	{"\xff\xfe\x00\x00", "utf-32le"}, {"\x00\x00\xfe\xff", "utf-32be"},
	{"\xff\xfe", "utf-16le"}, {"\xfe\xff", "utf-16be"}, {"\xef\xbb\xbf", ""},
}

// Marked looks for a byte order mark, and for a bracket with NULs around it, which
// is how JSON begins in UTF-16 and UTF-32 (RFC 4627, section 3). end says that
// nothing follows b.
func Marked(b []byte, end bool) Marks {
	for _, m := range marks {
		n := min(len(b), len(m.mark))
		if string(b[:n]) != m.mark[:n] {
			continue
		}
		if n == len(m.mark) {
			return Marks{true, m.charset, n}
		}
		if !end {
			return Marks{}
		}
	}
	if len(b) > 0 && b[0] != 0 && !isBracket(b[0]) || len(b) > 1 && b[0] != 0 && b[1] != 0 {
		return Marks{Known: true}
	}
	if len(b) < 4 {
		return Marks{Known: end}
	}
	m := Marks{Known: true}
	switch nul := [4]bool{b[0] == 0, b[1] == 0, b[2] == 0, b[3] == 0}; {
	case nul == [4]bool{false, true, true, true}:
		m.Charset = "utf-32le"
	case nul == [4]bool{true, true, true, false} && isBracket(b[3]):
		m.Charset = "utf-32be"
	case nul == [4]bool{false, true, false, true}:
		m.Charset = "utf-16le"
	case nul == [4]bool{true, false, true, false} && isBracket(b[1]):
		m.Charset = "utf-16be"
	}
	return m
}

func isBracket(c byte) bool { return c == '{' || c == '[' }
