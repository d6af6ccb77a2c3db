//go:build !linux

package pcap

import (
	"errors"
	"fmt"
)

func openLive(string, uint16) (live, error) {
	return nil, fmt.Errorf("capturing needs Linux: %w", errors.ErrUnsupported)
}
