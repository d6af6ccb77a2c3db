package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/socktrace/socktrace/equivalent"
	"github.com/socktrace/socktrace/internal/openfile"
	"github.com/socktrace/socktrace/recording"
)

// What files have in them, as far as they can be taken for one another.
const (
	isText    = "text"
	isLines   = "JSON lines"
	isHAR     = "HAR"
	isCapture = "a capture"
)

// written is an output that a flag names.
type written struct {
	name string
	says string // how a message begins that says what is written there
	kind string
}

// outputs returns the files that are written to.
func (o *options) outputs() []written {
	live := map[string]string{"jsonl": isLines}[o.format]
	if live == "" {
		live = isText
	}
	all := []written{
		{o.output, "the live output is " + live, live},
		{o.har, "--har records HAR", isHAR},
		{o.pcapng, "--pcapng records a capture", isCapture},
		{o.policy.file, "--policy writes rules", isText},
	}
	return slices.DeleteFunc(all, func(w written) bool { return w.name == "" || w.name == "-" })
}

// checkOutputs looks at what is where the outputs go, while it still is: files are replaced
// by new ones, which is what recording again is for. Of outputs that are probably not
// meant so it has a word. What socktrace, or another recorder, did not write stays: that is
// an error.
func (o *options) checkOutputs(ctx context.Context, tell io.Writer) error {
	var words []error
	for _, w := range o.outputs() {
		there, strange := kindThere(ctx, w.name)
		if strange || there == isText && w.kind != isText && w.kind != isLines {
			return fmt.Errorf("%s: a file is there that is no recording: remove it, or take another name", w.name)
		}
		if word := w.word(kindNamed(w.name), there); word != "" {
			words = append(words, fmt.Errorf("%s: %s", w.name, word))
		}
	}
	for _, err := range words {
		complain(tell, err)
	}
	return nil
}

// word says what is odd about an output whose name is that of some kind, and which
// takes the place of another; each may be empty.
func (w written) word(named, there string) string {
	says := w.says
	if there != "" && there != w.kind {
		says += ", and replaces " + there + " that was there"
	}
	if named != "" && named != w.kind {
		says += "; " + map[string]string{
			isHAR: "--har FILE records HAR", isCapture: "--pcapng FILE records a capture", isLines: "-f jsonl writes JSON lines",
		}[named]
	}
	if says == w.says {
		return ""
	}
	return says
}

// kindNamed returns what is usually in files of that name; empty if nobody knows.
func kindNamed(name string) string {
	name = strings.ToLower(name)
	for _, packed := range []string{".gz", ".zst"} {
		name = strings.TrimSuffix(name, packed)
	}
	return map[string]string{".har": isHAR, ".pcap": isCapture, ".pcapng": isCapture, ".jsonl": isLines}[filepath.Ext(name)]
}

// kindThere returns what is in the file called name; empty if there is nothing, or it is
// not known. It is strange if it is nothing that is written here.
func kindThere(ctx context.Context, name string) (kind string, strange bool) {
	if info, err := os.Lstat(name); err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
		return "", false
	}
	rec, err := recording.Open(ctx, name, nil, recording.Options{})
	if err == nil {
		defer rec.Close()
		kind, known := map[recording.Format]string{recording.HAR: isHAR, recording.JSONLines: isLines, recording.Capture: isCapture}[rec.Format()]
		if kind != isHAR {
			return kind, !known
		}
	}
	begins, readErr := beginning(ctx, name)
	switch {
	case readErr == nil && isCalls(begins): // a program of Go is read as HAR too, as it has braces
		return isText, false
	case readErr == nil && aDiff.Match(begins):
		return isText, false
	case err == nil: // any JSON is read as HAR
		return isHAR, readErr == nil && !aHAR.Match(begins) && !isPacked(begins)
	case readErr != nil:
		return "", false
	case ourText.Match(begins), aLesson.Match(begins), someRules.Match(begins):
		return isText, false
	}
	return "", true
}

// isPacked reports whether a file is compressed, by how it begins: by gzip or Zstandard.
func isPacked(b []byte) bool {
	return bytes.HasPrefix(b, []byte("\x1f\x8b")) || bytes.HasPrefix(b, []byte("\x28\xb5\x2f\xfd"))
}

// aHAR is how a HAR file begins that is not compressed.
var aHAR = regexp.MustCompile(`^\s*\{\s*"log"\s*:`)

// ourText is how the live output begins for people: with the number of a connection, the
// time, or a number of exchanges; with a rule, a command of the demo, or a remark. Colours
// may stand before it.
var ourText = regexp.MustCompile(`^([ \t\r\n]|\x1b\[[0-9;]*m)*([0-9$!…*.─-]|socktrace: |$)`)

// aCall is how calls begin, behind what begins a comment: with the number of an exchange, or
// of the events that are missing.
var aCall = regexp.MustCompile(`^[0-9]+(\.[0-9]| events are missing here)`)

// isCalls reports whether a file has calls in it, by how it begins.
func isCalls(begins []byte) bool {
	begins = colours.ReplaceAll(begins, nil)
	for i := range equivalent.Forms {
		f := &equivalent.Forms[i]
		if rest, is := bytes.CutPrefix(begins, []byte(f.Comment)); is && aCall.Match(rest) {
			return true
		}
		if slices.ContainsFunc(f.Begins, func(line string) bool { return bytes.HasPrefix(begins, []byte(line)) }) {
			return true
		}
	}
	return false
}

// colours are what a terminal is told.
var colours = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// beginning returns how a file begins.
func beginning(ctx context.Context, name string) ([]byte, error) {
	f, err := openfile.Interruptibly(ctx, func() (*os.File, error) { return os.Open(name) })
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b := make([]byte, 4<<10)
	n, err := io.ReadFull(f, b)
	if err == io.ErrUnexpectedEOF {
		err = nil
	}
	return b[:n], err
}
