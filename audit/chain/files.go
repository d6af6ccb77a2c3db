package chain

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// stamp is the time at the end of the name of a file that is full: its names sort as the
// files were written.
const stamp = "20060102T150405.000000000Z"

// Older returns the files that stood in the place of one, the oldest first.
func Older(name string) (all []string) {
	entries, err := os.ReadDir(filepath.Dir(name))
	if err != nil {
		return nil
	}
	for _, e := range entries {
		at, is := strings.CutPrefix(e.Name(), filepath.Base(name)+".")
		if _, err := time.Parse(stamp, at); is && err == nil && e.Type().IsRegular() {
			all = append(all, filepath.Join(filepath.Dir(name), e.Name()))
		}
	}
	slices.Sort(all)
	return all
}

// beginOf returns when the first line of a file was written, zero if that is not known, and
// the number of the line that was the oldest to be kept then.
func beginOf(r io.ReaderAt) (at time.Time, oldest int64) {
	line, _, err := nextLine(bufio.NewReaderSize(io.NewSectionReader(r, 0, MaxLine), 4<<10))
	var first event
	if err != nil || json.Unmarshal(line, &first) != nil {
		return at, 1
	}
	return first.Time, max(first.Oldest, 1)
}

// firstOf returns the number of the first line of a file; false if it is none.
func firstOf(name string) (int64, bool) {
	f, err := os.Open(name)
	if err != nil {
		return 0, false
	}
	defer f.Close()
	line, _, err := nextLine(bufio.NewReaderSize(f, 4<<10))
	s, ok := open(line)
	return s.seq, ok && err == nil
}

// errTaken says that another process writes a file.
var errTaken = errors.New("another process writes to it")
