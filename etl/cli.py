"""The command line, ``pilot-wards``. It speaks Vietnamese, and English where ``PILOT_WARDS_LANG=en``."""

import typer

from etl.commands.account import account_app
from etl.commands.basemap import basemap_command
from etl.commands.batches import batches_command, restore_command, show_command, withdraw_command
from etl.commands.boundaries import boundaries_command
from etl.commands.build import build_command
from etl.commands.fetch import fetch_command
from etl.commands.imports import check_command, import_command, template_command
from etl.commands.map import map_command
from etl.commands.network import network_command
from etl.commands.qgis import qgis_command
from etl.commands.route import route_command
from etl.commands.serve import serve_command
from etl.commands.store import store_app
from etl.commands.terminal import Commands, told
from geodata.language import message

app = typer.Typer(
    cls=Commands,
    help=told(message("Data of Hải Phòng's model ward police programme, from files to a map.")),
    add_completion=False,
    no_args_is_help=True,
)

app.command(name="template", help=told(message("Write the workbooks that staff fill in.")))(template_command)
app.command(name="check", help=told(message("Check spreadsheets and write nothing.")))(check_command)
app.command(name="import", help=told(message("Import spreadsheets and build.")))(import_command)
app.command(name="fetch", help=told(message("Download public boundaries from the Internet.")))(fetch_command)
app.command(name="boundaries", help=told(message("Adopt a boundary file of your own.")))(boundaries_command)
app.command(name="network", help=told(message("Make the street network that routes follow.")))(
    network_command
)
app.command(name="basemap", help=told(message("Show streets and names of places on all maps.")))(
    basemap_command
)
app.command(name="route", help=told(message("Plan a day of visits to wards.")))(route_command)
app.command(name="batches", help=told(message("List what was imported.")))(batches_command)
app.command(name="show", help=told(message("Show a batch, its rows and its history.")))(show_command)
app.command(name="withdraw", help=told(message("Withdraw a batch; it is kept.")))(withdraw_command)
app.command(name="restore", help=told(message("Let a withdrawn batch count again.")))(restore_command)
app.command(name="build", help=told(message("Build the GeoPackage that the dashboard and QGIS read.")))(
    build_command
)
app.command(name="map", help=told(message("Write a map as one HTML file that needs no network.")))(
    map_command
)
app.command(name="qgis", help=told(message("Write a project for QGIS with all figures and maps.")))(
    qgis_command
)
app.add_typer(account_app, name="account", help=told(message("Say who may sign in, and what they may do.")))
app.add_typer(store_app, name="store", help=told(message("Verify, back up and restore the store.")))
app.command(name="serve", help=told(message("Serve the dashboard.")))(serve_command)

if __name__ == "__main__":
    app()
