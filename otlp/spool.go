package otlp

import (
	"fmt"

	"github.com/socktrace/socktrace/otlp/disk"
)

// MinSpool is the least size of a spool, in bytes: some requests.
const MinSpool = 4 << 20

// OpenSpool returns what keeps on disk, in a folder, what a collector that is away cannot
// take.
func OpenSpool(dir string, size int64, warn func(error)) (*disk.Store, error) {
	o := disk.Options{Size: size, Warn: func(err error) { warn(fmt.Errorf("otlp: the spool: %w", err)) }}
	for s := range signalCount {
		if s.spools() {
			o.Kinds = append(o.Kinds, s.String())
		}
	}
	store, err := disk.Open(dir, o)
	if err != nil {
		return nil, fmt.Errorf("otlp: the spool: %w", err)
	}
	return store, nil
}

// spools reports whether what is of a signal is kept on disk. Metrics are not: the next ones
// tell what the last ones did.
func (s Signal) spools() bool { return s != Metrics }
