@echo off
rem The command line of an installed 123pan Sync: its own Electron, as Node.
setlocal
set ELECTRON_RUN_AS_NODE=1
"%~dp0..\123pan Sync.exe" "%~dp0..\resources\app.asar\out\main\cli.js" %*
exit /b %errorlevel%
