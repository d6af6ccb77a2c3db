package http2

import "strings"

// fault is what is wrong with a frame. Each is told once of a direction: what is wrong
// once is often wrong a thousand times.
type fault uint8

const (
	sound       fault = iota
	noPreface         // something else stands where the preface or SETTINGS should
	tooLong           // longer than its receiver accepts
	interrupted       // within a field block, which nothing may interrupt
	unexpected        // CONTINUATION, and there is no field block
	wrongStream
	wrongSize
	wrongPadding
	wrongSetting
	notOpened  // its stream was never opened
	notOpen    // its stream is not open any more
	halfClosed // the sender has ended its stream before
	wrongSide  // only the other side may send it
	endless    // a field block in very many frames
	badTrailer // HEADERS within a message that do not end it
	faults
)

// faultTexts are what is told of each: % stands for the frame.
var faultTexts = [faults]string{
	noPreface:    "no preface, and SETTINGS behind it, but %",
	tooLong:      "% is longer than its receiver accepts",
	interrupted:  "% within a field block",
	unexpected:   "% without a field block",
	wrongStream:  "% may not have this stream",
	wrongSize:    "% may not have this size",
	wrongPadding: "% has more padding than payload",
	wrongSetting: "% has a value that is not allowed",
	notOpened:    "% of a stream that was not opened",
	notOpen:      "% of a stream that is not open any more",
	halfClosed:   "% of a stream that its sender has ended",
	wrongSide:    "% from the wrong side",
	endless:      "a field block goes on in %",
	badTrailer:   "% within a message does not end it",
}

// text says what is wrong with a frame.
func (f fault) text(frame string) string { return strings.Replace(faultTexts[f], "%", frame, 1) }

// faultSet are the faults of a direction that were told.
type faultSet uint32

// first notes f, and reports whether it is new.
func (s *faultSet) first(f fault) bool {
	before := *s
	*s |= 1 << f
	return *s != before
}
