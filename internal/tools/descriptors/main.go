// Command descriptors writes the descriptors of the services that are known by name
// into a folder: as a FileDescriptorSet, compressed, and beside it the notices of
// those whose work they are. It is a module of its own, so that the program does not
// depend on what it imports.
//
//	go run . ../../../protobuf/data
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: descriptors FOLDER")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "descriptors:", err)
		os.Exit(1)
	}
}

// write writes both files into a folder.
func write(dir string) error {
	set, err := packed()
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "descriptors.binpb.zst"), set, 0o644); err != nil {
		return fmt.Errorf("write the descriptors: %w", err)
	}
	text, err := notices()
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "NOTICE"), text, 0o644); err != nil {
		return fmt.Errorf("write the notices: %w", err)
	}
	return nil
}
