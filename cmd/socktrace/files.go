package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/socktrace/socktrace/recording"
)

// named returns the files that args name. What is no file, and has a star, a
// question mark or a bracket in it, is a pattern that a shell has left alone.
func named(args []string) ([]string, error) {
	var files []string
	for _, arg := range args {
		if _, err := os.Lstat(arg); err == nil || arg == "-" || !strings.ContainsAny(arg, "*?[") {
			files = append(files, arg)
			continue
		}
		found, err := filepath.Glob(arg)
		switch {
		case err != nil:
			return nil, fmt.Errorf("%s: %w", arg, err)
		case len(found) == 0:
			return nil, fmt.Errorf("%s: there is no such file", arg)
		}
		slices.SortFunc(found, byNumber)
		files = append(files, found...)
	}
	return files, nil
}

// byNumber compares names that differ in a number: dump.pcap9 is before
// dump.pcap10.
func byNumber(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) }

// series are captures that are read as one.
type series struct {
	files map[string]bool
	left  int    // that were not read yet
	name  string // what they are called in messages
}

// inOrder puts the captures among files into the order of time, at the place of
// the first of them, so that they can be read as one; all else stays in its order.
func inOrder(files []string) ([]string, series) {
	type capture struct {
		name  string
		began time.Time
	}
	var captures []capture
	for _, name := range files {
		if t, ok := recording.Began(name); ok {
			captures = append(captures, capture{name, t})
		}
	}
	if len(captures) == 0 {
		return files, series{}
	}
	slices.SortStableFunc(captures, func(a, b capture) int {
		return cmp.Or(a.began.Compare(b.began), byNumber(a.name, b.name))
	})
	s := series{files: make(map[string]bool), left: len(captures), name: "the captures"}
	if s.left == 1 {
		s.name = recording.Name(captures[0].name)
	}
	var sorted []string
	for _, c := range captures {
		sorted = append(sorted, c.name)
		s.files[c.name] = true
	}
	at := slices.IndexFunc(files, func(name string) bool { return s.files[name] })
	rest := slices.DeleteFunc(slices.Clone(files[at:]), func(name string) bool { return s.files[name] })
	return slices.Concat(files[:at], sorted, rest), s
}
