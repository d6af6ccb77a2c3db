package har

// The types of an entry of HAR 1.2. They lose nothing: members that have no field
// here, such as those that begin with "_", and values of another type than the
// specification's, are kept in Extra as they were. A field without omitempty is
// one that importers require.

// Entry is one exchange.
type Entry struct {
	Pageref         string   `json:"pageref,omitempty"`
	StartedDateTime string   `json:"startedDateTime"` // RFC 3339
	Time            float64  `json:"time"`            // milliseconds
	Request         Request  `json:"request"`
	Response        Response `json:"response"`
	Cache           Cache    `json:"cache"`
	Timings         Timings  `json:"timings"`
	ServerIPAddress string   `json:"serverIPAddress,omitempty"`
	Connection      string   `json:"connection,omitempty"`
	Comment         string   `json:"comment,omitempty"`
	Extra           Extra    `json:"-"`
}

// Request is what the client sent. Sizes are bytes; -1 is not known.
type Request struct {
	Method      string   `json:"method"`
	URL         string   `json:"url"` // absolute, without a fragment
	HTTPVersion string   `json:"httpVersion"`
	Cookies     []Cookie `json:"cookies"`
	Headers     []Pair   `json:"headers"`
	QueryString []Pair   `json:"queryString"`
	PostData    PostData `json:"postData,omitempty"`
	HeadersSize int64    `json:"headersSize"` // with the empty line
	BodySize    int64    `json:"bodySize"`    // as sent
	Comment     string   `json:"comment,omitempty"`
	Extra       Extra    `json:"-"`
}

// Response is what the server answered. Status is 0 if it did not.
type Response struct {
	Status      int64    `json:"status"`
	StatusText  string   `json:"statusText"`
	HTTPVersion string   `json:"httpVersion"`
	Cookies     []Cookie `json:"cookies"`
	Headers     []Pair   `json:"headers"`
	Content     Content  `json:"content"`
	RedirectURL string   `json:"redirectURL"`
	HeadersSize int64    `json:"headersSize"`
	BodySize    int64    `json:"bodySize"` // as sent
	Comment     string   `json:"comment,omitempty"`
	Extra       Extra    `json:"-"`
}

// Cookie is one of those in a head.
type Cookie struct {
	Name     string `json:"name"`
	Value    string `json:"value"`
	Path     string `json:"path,omitempty"`
	Domain   string `json:"domain,omitempty"`
	Expires  string `json:"expires,omitempty"`
	HTTPOnly bool   `json:"httpOnly,omitempty"`
	Secure   bool   `json:"secure,omitempty"`
	Comment  string `json:"comment,omitempty"`
	Extra    Extra  `json:"-"`
}

// Pair is a header field, or a pair of a query.
type Pair struct {
	Name    string `json:"name"`
	Value   string `json:"value"`
	Comment string `json:"comment,omitempty"`
	Extra   Extra  `json:"-"`
}

// PostData is the body of a request.
type PostData struct {
	MimeType string  `json:"mimeType"`
	Params   []Param `json:"params,omitempty"`
	Text     string  `json:"text"`
	Comment  string  `json:"comment,omitempty"`
	Extra    Extra   `json:"-"`
}

// Param is a pair of a form.
type Param struct {
	Name        string `json:"name"`
	Value       string `json:"value,omitempty"`
	FileName    string `json:"fileName,omitempty"`
	ContentType string `json:"contentType,omitempty"`
	Comment     string `json:"comment,omitempty"`
	Extra       Extra  `json:"-"`
}

// Content is the body of a response.
type Content struct {
	Size        int64  `json:"size"` // without transfer and content coding
	Compression int64  `json:"compression,omitempty"`
	MimeType    string `json:"mimeType"`
	Text        string `json:"text,omitempty"`
	Encoding    string `json:"encoding,omitempty"` // "base64"
	Comment     string `json:"comment,omitempty"`
	Extra       Extra  `json:"-"`
}

// Cache is what a browser had in its cache.
type Cache struct {
	Comment string `json:"comment,omitempty"`
	Extra   Extra  `json:"-"` // beforeRequest and afterRequest too
}

// Timings are milliseconds; -1 does not apply. SSL is a part of Connect.
type Timings struct {
	Blocked float64 `json:"blocked,omitempty"`
	DNS     float64 `json:"dns,omitempty"`
	Connect float64 `json:"connect,omitempty"`
	Send    float64 `json:"send"`
	Wait    float64 `json:"wait"`
	Receive float64 `json:"receive"`
	SSL     float64 `json:"ssl,omitempty"`
	Comment string  `json:"comment,omitempty"`
	Extra   Extra   `json:"-"`
}
