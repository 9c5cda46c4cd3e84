"""Who asks: settings, the command line, the chat in the browser, the reader page, the HTTP API."""
