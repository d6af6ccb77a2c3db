package tls

import "github.com/socktrace/socktrace/wire"

const (
	// maxAhead is how many records may be missing of which it is not known how many are.
	maxAhead = 4096
	// maxTried bounds what is spent on one search: bytes that are not authentic.
	maxTried = 64 << 20
)

// candidate is what a record behind a gap may be opened with.
type candidate struct {
	opener opener
	from   uint64 // number of the next record that was not seen
	epoch  epoch
	secret []byte
}

// candidates are those of a direction, the likely ones first: the keys at the gap, and
// those behind the ends of what may be lost in it.
func (d *Decoder) candidates(h *half) (all []candidate) {
	if d.agreed.version < tls13 {
		o := h.opener
		if o == nil {
			t := half{dir: h.dir}
			if !d.arm(&t) {
				return nil
			}
			o = t.opener
		}
		return []candidate{{opener: o, from: h.seq, epoch: h.epoch}}
	}
	if h.opener != nil {
		all = append(all, candidate{h.opener, h.seq, h.epoch, h.secret})
	}
	add := func(e epoch, secret []byte) {
		t := half{dir: h.dir, epoch: e}
		if secret == nil {
			secret = d.keys.Secret(t.label(), d.random)
		}
		if d.use(&t, secret) {
			all = append(all, candidate{t.opener, 0, e, secret})
		}
	}
	if h.opener == nil || h.epoch == inEarly {
		add(inHandshake, nil)
	}
	if h.epoch != inTraffic || h.opener == nil {
		add(inTraffic, nil)
	} else if next, err := nextSecret(d.agreed.suite, h.secret); err == nil {
		add(inTraffic, next)
	}
	return all
}

// search looks for the next record that can be opened. What is before it is lost.
func (d *Decoder) search(h *half) bool {
	if server := &d.halves[wire.ToClient]; !server.seen {
		return d.await(h)
	}
	var all []candidate
	if d.keys != nil {
		all = d.candidates(h)
	}
	if len(all) == 0 {
		if d.holds() {
			return false
		}
		d.lacks()
		return true
	}
	b := h.w.Bytes()
	for i := range b {
		hd, ok := headOf(b[i:])
		if !ok && !h.w.Ended() {
			return d.pass(h, i)
		} else if !ok || !d.mayBe(hd) {
			continue
		}
		total := headSize + hd.size()
		if total > len(b)-i {
			if h.w.Ended() {
				continue
			}
			return d.pass(h, i)
		}
		if c, ahead, ok := d.try(h, all, hd, b[i+headSize:i+total], int64(i)); ok {
			d.now = timeOf(h.w, i+1)
			d.pass(h, i)
			d.found(h, c, ahead)
			return true
		}
		if h.tried > maxTried {
			d.now = timeOf(h.w, i+total)
			d.giveUp(d.notFound())
			return true
		}
	}
	return d.pass(h, len(b))
}

// notFound returns why nothing was found.
func (d *Decoder) notFound() string {
	if d.gap {
		return "the records behind a gap cannot be found"
	}
	return wrongSecrets
}

// pass leaves n bytes out.
func (d *Decoder) pass(h *half, n int) bool {
	h.w.Take(n)
	if h.lost >= 0 {
		h.lost += int64(n)
	}
	return n > 0
}

// mayBe reports whether hd may be the header of a protected record.
func (d *Decoder) mayBe(hd head) bool {
	if d.agreed.version >= tls13 {
		return hd.plausible() && hd.kind() == application && hd.version() == tls12
	}
	return hd.plausible() && hd.kind() >= alert && hd.version() == d.agreed.version
}

// try opens a record with candidates, behind i more bytes that are lost, and tells with
// which, and how many records are missing before it.
func (d *Decoder) try(h *half, all []candidate, hd head, fragment []byte, i int64) (c candidate, ahead uint64, ok bool) {
	buf := plains.Get().(*[maxFragment]byte)
	defer plains.Put(buf)
	for _, c := range all {
		most := uint64(maxAhead)
		if h.lost >= 0 {
			most = min(most, uint64(h.lost+i)/uint64(headSize+c.opener.overhead())+1)
		}
		for n := range most {
			if h.tried > maxTried {
				return c, 0, false
			}
			if _, ok := c.opener.open(buf[:0], c.from+n, hd, fragment); ok {
				return c, n, true
			}
			h.tried += len(fragment)
		}
	}
	return c, 0, false
}

// carried reports whether something that was inside may be missing before a record that
// is found: not if that was only of the handshake.
func (d *Decoder) carried(h *half, c candidate, ahead uint64) bool {
	switch {
	case d.agreed.version < tls13:
		return ahead > 0 && c.from+ahead > 1 // the first is the end of the handshake
	case h.epoch == inEarly && c.epoch != inEarly:
		return true
	case c.epoch == inHandshake:
		return false
	}
	return ahead > 0 || h.opener != nil && c.opener != h.opener && h.epoch == inTraffic
}

// found goes on with a record that can be opened, behind so many that are missing.
func (d *Decoder) found(h *half, c candidate, ahead uint64) {
	same := c.opener == h.opener
	missed := int64(-1)
	if _, sized := c.opener.(*aead); sized && same && h.begun && h.lost >= 0 && ahead > 0 {
		missed = h.lost - int64(ahead)*int64(headSize+c.opener.overhead())
	}
	inside := h.pending && d.carried(h, c, ahead)
	lost := h.lost
	h.state, h.opener, h.seq, h.epoch, h.secret, h.lost, h.tried = sealed, c.opener, c.from+ahead, c.epoch, c.secret, 0, 0
	h.messages.reset(d.account)
	if h.epoch == inTraffic || d.agreed.version < tls13 && h.seq > 0 {
		h.finished = true
	}
	if d.halves[0].finished && d.halves[1].finished {
		d.shook()
	}
	switch {
	case inside && missed != 0:
		d.tellMissed(h, max(missed, -1))
	case h.pending && lost != 0 && !h.said:
		d.out.Lost(h.dir, d.now, lost)
	}
	h.pending, h.said = false, false
}
