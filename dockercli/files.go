package dockercli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// readJSON reads a file of docker's that is one value of JSON.
func readJSON(path string, v any) error {
	b, err := readFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("%s: %w", path, notJSON(err))
	}
	return nil
}

// readConfig is readJSON of config.json, which the CLI takes as well where it is empty, and
// of which it reads the first value alone.
func readConfig(path string, v any) error {
	b, err := readFile(path)
	if err != nil {
		return err
	}
	if err := json.NewDecoder(bytes.NewReader(b)).Decode(v); err != nil && err != io.EOF {
		return fmt.Errorf("%s: %w", path, notJSON(err))
	}
	return nil
}

// maxFile is how large a file of docker's may be.
const maxFile = 16 << 20

// readFile reads a file of docker's. A pipe, which nobody may ever write to, is none.
func readFile(path string) ([]byte, error) {
	if info, err := os.Stat(path); err == nil {
		switch {
		case info.IsDir(): // reading it says so
		case !info.Mode().IsRegular():
			return nil, fmt.Errorf("%s: not a regular file", path)
		case info.Size() > maxFile:
			return nil, fmt.Errorf("%s: larger than %d MiB", path, maxFile>>20)
		}
	}
	return os.ReadFile(path)
}

// notJSON says what is wrong with a file of docker's.
func notJSON(err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("not JSON from byte %d on", syntax.Offset)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("it ends within its JSON")
	case errors.As(err, &kind) && kind.Field == "":
		return fmt.Errorf("not an object but: %s", kind.Value)
	case errors.As(err, &kind):
		return fmt.Errorf("%s is a %s, not a %s", kind.Field, kind.Value, kind.Type)
	}
	return err
}
