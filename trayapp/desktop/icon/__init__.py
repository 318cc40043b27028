"""The icon's silhouettes and colours, drawn at any size."""
