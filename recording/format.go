package recording

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"

	"github.com/socktrace/socktrace/intercept/pcap"
	"github.com/socktrace/socktrace/intercept/strace"
)

// Format is a form that a recording has.
type Format uint8

const (
	HAR       Format = iota // entries, of any program
	JSONLines               // events, as docs/jsonl.md describes them
	Capture                 // packets: pcap or pcapng
	Strace                  // system calls, as strace prints them
)

// String returns the name of the format.
func (f Format) String() string { return [...]string{"HAR", "JSON lines", "capture", "strace"}[f%4] }

// HasBytes reports whether the recording has the bytes of the traffic, and not
// only what they meant.
func (f Format) HasBytes() bool { return f == Capture || f == Strace }

// ErrFormat is what Open fails with, wrapped, if the file is no recording.
var ErrFormat = errors.New("neither HAR, JSON lines, pcap, pcapng nor strace")

// blanks may stand before a text, and the separator of JSON texts (RFC 7464).
const blanks = " \t\r\n\x1e"

// anAudit is how each line of an audit begins.
const anAudit = `{"seq":`

// maxLook is how far a file is looked at.
const maxLook = 4 << 10

// listLook is how much of a list is looked at; a recording is longer.
const listLook = 64

// formatOf tells what in, a file called name, is by its first bytes. Of a pipe it
// takes no more than it must.
func formatOf(in *bufio.Reader, name string) (Format, error) {
	for seen := 0; ; {
		b, err := in.Peek(min(max(seen+1, in.Buffered()), maxLook))
		if len(b) == 0 && err != io.EOF {
			return 0, err
		}
		seen = len(b)
		last := err != nil || seen == maxLook
		text := bytes.TrimLeft(b, blanks)
		isStrace, mayBeStrace := strace.Recognize(b)
		switch {
		case pcap.Recognize(b):
			return Capture, nil
		case isStrace:
			return Strace, nil
		case mayBeStrace && !last:
			// more of the line tells
		case seen == maxLook && len(text) < seen:
			in.Discard(seen - len(text)) // a text may begin with any number of blanks
			seen = 0
		case len(text) > 0 && text[0] == '[' && len(text) < listLook && !last:
			// a list may be another program's
		case len(text) > 0 && text[0] == '[' && regexp.MustCompile(dissected).Match(text):
			return 0, fmt.Errorf("%w: %s", ErrFormat, found(name, text))
		case len(text) > 0 && (text[0] == '[' || bytes.HasPrefix(text, []byte("//")) || bytes.HasPrefix(text, []byte("/*"))):
			return HAR, nil // entries in a list, or comments: its reader says whether it is
		case bytes.HasPrefix(text, []byte(anAudit)):
			return 0, fmt.Errorf("%w: it is an audit (--audit), no recording", ErrFormat)
		case len(text) > 0 && text[0] == '{':
			if f, sure := formatOfJSON(text); sure || last {
				return f, nil // the reader of HAR says what is wrong with it
			}
		case last, len(text) > 0 && seen >= 4:
			b, _ = in.Peek(in.Buffered()) // as much as has come
			return 0, fmt.Errorf("%w: %s", ErrFormat, found(name, b))
		}
	}
}

// formatOfJSON tells what begins with the object b by the names in it: lines have
// an event, HAR has a log. It is sure if it has seen one of them, or the end.
func formatOfJSON(b []byte) (f Format, sure bool) {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.Token() // the bracket
	for {
		t, err := dec.Token()
		if err != nil {
			return HAR, false
		}
		switch t {
		case json.Delim('}'), "log":
			return HAR, true
		case "event":
			return JSONLines, true
		}
		var value json.RawMessage
		if dec.Decode(&value) != nil {
			return HAR, false
		}
	}
}
