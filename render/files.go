package render

import "github.com/socktrace/socktrace/wire"

// carried adds the size of the files of a transfer, and how much of it went by, if that
// is less: who asks for files may have most of them from before.
func (p *page) carried(f *wire.Files) {
	p.fileSize(f.Listed)
	switch f.Bytes {
	case f.Listed:
	case 0:
		p.own(plain, ", nothing sent")
	default:
		p.own(plain, ", ")
		p.fileSize(f.Bytes)
		p.own(plain, " sent")
	}
}

func (p *page) fileSize(n int64) {
	var b [32]byte
	p.own(plain, string(appendSize(b[:0], n)))
}
