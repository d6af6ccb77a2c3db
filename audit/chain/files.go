package chain

import (
	"bufio"
	"encoding/json"
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

// older returns the files that stood in the place of one, the oldest first.
func older(name string) (all []string) {
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

// firstTime returns when the first line of a file was written; zero if that is not known.
func firstTime(r io.ReaderAt) time.Time {
	line, err := bufio.NewReaderSize(io.NewSectionReader(r, 0, MaxLine), 4<<10).ReadBytes('\n')
	var first struct{ Time time.Time }
	if err != nil || json.Unmarshal(line, &first) != nil {
		return time.Time{}
	}
	return first.Time
}
