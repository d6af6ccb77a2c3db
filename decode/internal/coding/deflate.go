package coding

import (
	"compress/flate"
	"io"

	"github.com/socktrace/socktrace/decode/internal/budget"
)

// StartInflate returns a decompressor of a DEFLATE stream without end, as
// permessage-deflate has it (RFC 7692, section 7); nil if the account has not
// enough for it.
func StartInflate(a *budget.Account) *Coder { return start(inflateEndless, flateCost, a) }

// inflateEndless decodes a DEFLATE stream without end. A sender may end it in
// the middle (RFC 7692, section 7.2.3.4): then it begins anew, without what was
// sent before.
func inflateEndless(c *Coder) error {
	buf := make([]byte, 4<<10)
	z := flate.NewReader(c)
	for {
		if _, err := io.CopyBuffer(c, z, buf); err != nil {
			return err
		}
		if err := z.(flate.Resetter).Reset(c, nil); err != nil {
			return err
		}
	}
}
