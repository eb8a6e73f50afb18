"""The Streamlit app: reads the published GeoPackage and nothing else."""
