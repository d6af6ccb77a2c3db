package openfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Replaceable returns why Replace would refuse the file called name, or could make none in its
// folder; nil if that is fine.
func Replaceable(name string) error {
	info, err := replaceable(name)
	if err != nil || info != nil && !info.Mode().IsRegular() || given(name) {
		return err
	}
	f, err := beside(name)
	if err != nil {
		if info != nil { // it is emptied then
			return nil
		}
		return err
	}
	f.Close()
	return os.Remove(f.Name())
}

// Replace has the file called name have b in it, which only its owner may read: all of it, or what
// it had before. It refuses what Create does. What is no regular file is written to.
func Replace(name string, b []byte) error {
	s, ok := Succeed(name)
	if !ok {
		return write(name, b) // or says why not
	}
	_, _ = s.Write(b) // Finish has its error
	return s.Finish()
}

// replaceable returns what is there by the name, nil for nothing, or why it is not written to.
func replaceable(name string) (fs.FileInfo, error) {
	if given(name) {
		return nil, nil
	}
	info, err := writable(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return info, err
}

// beside makes a file of another name in the same folder.
func beside(name string) (*os.File, error) {
	return os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*") // with mode 0600
}

// write is Create with what is written.
func write(name string, b []byte) error {
	f, err := Create(name)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}
