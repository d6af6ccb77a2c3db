package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"

	"golang.org/x/term"

	"github.com/socktrace/socktrace/har"
	"github.com/socktrace/socktrace/intercept/pcap"
	"github.com/socktrace/socktrace/wire"
)

// recording is what is written to files beside the live output: exchanges to a
// HAR file, bytes to a pcapng file. Nothing is left out of it, and it is
// written before the bytes go on: what a client has got is in the file,
// however the process ends. A file that cannot be written to is reported once
// and given up; the traffic goes on.
type recording struct {
	har     *har.Writer // nil: none
	harName string
	lost    atomic.Bool // the HAR file was given up

	pcapng     *pcap.Writer // nil: none
	pcapngName string
	pcapngFile *os.File

	warn   func(error)
	failed atomic.Bool // one of them was given up
}

// openRecording creates the files that the flags name, for their owner alone.
func openRecording(o *options, s std) (*recording, error) {
	r := &recording{harName: o.har, pcapngName: o.pcapng, warn: (&warner{w: s.err}).warn}
	var err error
	switch ho := (har.Options{Version: versionString(), MaxSize: int64(o.harMaxSize)}); o.har {
	case "":
	case "-":
		r.har = har.NewWriter(s.out, ho)
	default:
		r.har, err = har.Create(o.har, ho)
	}
	if err != nil {
		return nil, err // it says that it is about HAR
	}
	if o.pcapng != "" {
		err = r.openPcapng(o.pcapng, s)
	}
	if err != nil {
		r.close(io.Discard)
		return nil, fmt.Errorf("pcapng: %w", err)
	}
	return r, nil
}

func (r *recording) openPcapng(name string, s std) error {
	f := s.out
	if name != "-" {
		var err error
		if f, err = createFile(name); err != nil {
			return err
		}
		r.pcapngFile = f
	} else if term.IsTerminal(int(f.Fd())) {
		return errors.New("standard output is a terminal")
	}
	w, err := pcap.NewWriter(f, pcap.WriterOptions{Version: versionString(), Failed: func(err error) { r.giveUp(r.pcapngName, err) }})
	if err != nil {
		return err
	}
	r.pcapng = w
	r.warn(fmt.Errorf("%s gets every byte as it was sent, with all passwords and tokens", r.pcapngName))
	return nil
}

// on reports whether there is anything to record to.
func (r *recording) on() bool { return r.har != nil || r.pcapng != nil }

// tap returns a tap that records the bytes of c before it shows them to next.
func (r *recording) tap(c *wire.Conn, next wire.Tap) wire.Tap {
	if r.pcapng == nil {
		return next
	}
	return wire.Taps{r.pcapng.Tap(c), next}
}

// event records ev, which went through the redactor.
func (r *recording) event(ev wire.Event) {
	if r.har == nil || r.lost.Load() {
		return
	}
	if err := r.har.Event(ev); err != nil && !r.lost.Swap(true) {
		r.giveUp(r.harName, err)
	}
}

func (r *recording) giveUp(name string, err error) {
	r.failed.Store(true)
	r.warn(fmt.Errorf("%s ends here: %w", name, err))
}

// close ends the files and says what is in them.
func (r *recording) close(w io.Writer) {
	if r.har != nil {
		if err := r.har.Close(); err != nil && !r.lost.Swap(true) {
			r.giveUp(r.harName, err)
		}
		files := r.har.Files()
		if len(files) == 0 {
			files = []string{r.harName}
		}
		complain(w, fmt.Errorf("%s: %s", strings.Join(files, ", "), plural(r.har.Entries(), "entry")))
	}
	if r.pcapng != nil {
		if err := r.pcapng.Close(); err != nil && !r.failed.Load() {
			r.giveUp(r.pcapngName, err)
		}
	}
	if r.pcapngFile != nil {
		if err := r.pcapngFile.Close(); err != nil && !r.failed.Load() {
			r.giveUp(r.pcapngName, err)
		}
	}
}
