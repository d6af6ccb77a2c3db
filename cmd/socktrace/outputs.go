package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

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
	}
	return slices.DeleteFunc(all, func(w written) bool { return w.name == "" || w.name == "-" })
}

// warnOutputs has a word on outputs that are probably not meant so, while they are
// still what they were: files are replaced by new ones, which is what recording
// again is for.
func (o *options) warnOutputs(ctx context.Context, tell io.Writer) {
	for _, w := range o.outputs() {
		if word := w.word(kindNamed(w.name), kindThere(ctx, w.name)); word != "" {
			complain(tell, fmt.Errorf("%s: %s", w.name, word))
		}
	}
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

// kindThere returns what recording is in the file called name; empty if it is none.
func kindThere(ctx context.Context, name string) string {
	if info, err := os.Lstat(name); err != nil || !info.Mode().IsRegular() {
		return ""
	}
	rec, err := recording.Open(ctx, name, nil, recording.Options{})
	if err != nil {
		return ""
	}
	defer rec.Close()
	return map[recording.Format]string{recording.HAR: isHAR, recording.JSONLines: isLines, recording.Capture: isCapture}[rec.Format()]
}
