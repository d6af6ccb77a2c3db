package recording

import (
	"os"
	"time"

	"github.com/socktrace/socktrace/intercept/pcap"
)

// Began returns when the first packet of the capture called name was captured;
// false if that is no file, or no capture, or an empty one. A pipe is left alone.
func Began(name string) (t time.Time, ok bool) {
	info, err := os.Stat(name)
	if err != nil || !info.Mode().IsRegular() {
		return t, false
	}
	f, err := os.Open(name)
	if err != nil {
		return t, false
	}
	defer f.Close()
	in, z, err := unpack(f, true)
	if err != nil {
		return t, false
	}
	defer z.Close()
	t, err = pcap.Began(in)
	return t, err == nil
}
