package content

import "github.com/socktrace/socktrace/decode/internal/window"

// apart decodes what is in a body, and is not what the body is.
type apart struct{ nested }

func (a *apart) Write(out Out, at window.Place, b []byte) { a.write(out, at, b) }
func (a *apart) Close(out Out, how End)                   { a.close(out, how) }
